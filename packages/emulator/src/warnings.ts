/** Tells the developer something. Each sentence is told once, so that a loop does not flood a console. */
export type Warn = (sentence: string) => void

const maxRemembered = 1_000

export function createWarn(tell: (sentence: string) => void): Warn {
  const told = new Set<string>()
  return (sentence) => {
    if (told.has(sentence) || told.size >= maxRemembered) return
    told.add(sentence)
    callListener('onWarning', () => tell(sentence))
  }
}

/** The default listener: a warning of the process, which Node prints to the standard error output. */
export function warnProcess(sentence: string): void {
  process.emitWarning(sentence, 'AgoraEmulatorWarning')
}

/** Calls a function of the developer. When it throws, there is a warning, and the emulator goes on. */
export function callListener(option: string, call: () => unknown): void {
  const explain = (error: unknown): void =>
    warnProcess(`The function ${option} of createEmulator() failed: ${String(error)}`)
  try {
    const result = call()
    if (result instanceof Promise) result.catch(explain)
  } catch (error) {
    explain(error)
  }
}
