import { AgoraConfigError } from '../errors.js'

/**
 * The two families of the REST API. The project API (messages, events, console) is documented on `api.agora.io`,
 * message history and publish on `api.sd-rtn.com`.
 */
export type ApiFamily = 'project' | 'history'

/** The path alone tells the family, also of an endpoint that has no method here. */
export function familyOf(path: string): ApiFamily {
  return path.startsWith('/rtm/v2/') ? 'history' : 'project'
}

/** Where your servers are. `global`: Agora's own choice by DNS. */
export type Area = 'global' | 'us' | 'eu' | 'ap' | 'cn'

export const areas: readonly Area[] = ['global', 'us', 'eu', 'ap', 'cn']

/**
 * The regions of each area, the preferred one first. With the two primaries under two domains they make the 18 names
 * Agora publishes.
 *
 * @see https://docs.agora.io/en/signaling/rest-api/overview
 */
const regions: Readonly<Record<Exclude<Area, 'global'>, readonly [string, string]>> = {
  us: ['api-us-west-1', 'api-us-east-1'],
  eu: ['api-eu-west-1', 'api-eu-central-1'],
  ap: ['api-ap-southeast-1', 'api-ap-northeast-1'],
  cn: ['api-cn-east-1', 'api-cn-north-1'],
}

/** The hosts for one family: the preferred one, the same region under the other domain, the neighbouring region. */
export interface HostSet {
  readonly primary: string
  /** `undefined` when there is one host only. */
  readonly otherDomain: string | undefined
  /** Empty for `global`: nobody outside knows which region Agora's DNS chose. */
  readonly adjacent: readonly string[]
}

/** The origins for one API family, in Agora's order of preference. */
export function hostsOf(area: Area, family: ApiFamily): HostSet {
  // Message history is documented on sd-rtn.com; inside mainland China that domain comes first for everything.
  const [first, second] =
    family === 'history' || area === 'cn' ? ['sd-rtn.com', 'agora.io'] : ['agora.io', 'sd-rtn.com']
  const [region, neighbour] = area === 'global' ? ['api', undefined] : regions[area]
  return {
    primary: `https://${region}.${first}`,
    otherDomain: `https://${region}.${second}`,
    adjacent:
      neighbour === undefined ? [] : [`https://${neighbour}.${first}`, `https://${neighbour}.${second}`],
  }
}

/** @throws {AgoraConfigError} `ERR_CONFIG_INVALID` */
export function requireArea(value: unknown): Area {
  const area = areas.find((known) => known === value)
  if (area !== undefined) return area
  throw new AgoraConfigError('ERR_CONFIG_INVALID', `area must be one of ${areas.join(', ')}.`)
}
