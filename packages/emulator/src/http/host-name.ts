import { BlockList, isIP, isIPv6 } from 'node:net'

/**
 * The host name of a `Host` header as browsers write it: lower case, without port and without a final dot.
 * `undefined` for what no browser would send, such as a user name in front.
 */
export function hostNameOf(header: string): string | undefined {
  if (!/^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.test(header)) return undefined
  try {
    return new URL(`http://${header}`).hostname.replace(/\.$/, '')
  } catch {
    return undefined
  }
}

/** As {@link hostNameOf}, for a name or an address that stands alone: without a port, an IPv6 address without brackets too. */
export function hostNameAlone(name: string): string | undefined {
  if (isIPv6(name)) return hostNameOf(`[${name}]`)
  return /:\d*$/.test(name) && !name.endsWith(']') ? undefined : hostNameOf(name)
}

/** Whether a name, as {@link hostNameOf} gives it, always means the machine it is used on. */
export function isLoopback(hostName: string): boolean {
  if (hostName === 'localhost' || hostName.endsWith('.localhost')) return true
  const address = hostName.replaceAll(/[[\]]/g, '')
  const family = isIP(address)
  return family !== 0 && loopback.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')
