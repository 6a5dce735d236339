/** One EOS command as eAPI takes it: `cmd`, what its prompts are fed (`input`: banner text without the closing EOF, certificate bodies, a mode comment) and the pinned revision of its JSON model (docs/eos.md 1.2). */
export interface Command {
  readonly cmd: string
  readonly input?: string
  readonly revision?: number
  readonly format?: 'text'
  readonly askedBy?: string
}

export function questionOf({ cmd, input, revision, format, askedBy }: Command): string {
  return JSON.stringify([cmd, input ?? null, revision ?? null, format ?? null, askedBy ?? null])
}
