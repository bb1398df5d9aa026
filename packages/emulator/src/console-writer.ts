import type { Writable } from 'node:stream'

const maxWaitingBytes = 1_048_576

/**
 * Writes to a console, a file or a pipe. A program that started the emulator may stop reading its output, or close
 * the pipe. The emulator goes on. It keeps up to 1 MiB of unread output, drops the rest, and says so later.
 */
export function consoleWriter(stream: Writable): (text: string) => void {
  let leftOut = 0
  // Without a listener, an end that was closed would end the process.
  stream.on('error', () => {})
  return (text) => {
    if (stream.writableLength > maxWaitingBytes) {
      leftOut += 1
      return
    }
    if (leftOut > 0) stream.write(`warning: ${leftOut} lines were left out, as nobody read them.\n`)
    leftOut = 0
    stream.write(text)
  }
}
