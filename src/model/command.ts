/**
 * One EOS command as eAPI takes it: `cmd`, what its prompts are fed (`input`: banner text without the closing EOF,
 * certificate bodies, a mode comment) and the pinned revision of its JSON model (docs/eos.md 1.2). A show command whose
 * `format` is `text` is answered with what the terminal would print; without it with its JSON model. A command whose answer
 * depends on what was asked just before says in `askedBy` who asks it; everybody else asks it again.
 */
export interface Command {
  readonly cmd: string
  readonly input?: string
  readonly revision?: number
  readonly format?: 'text'
  readonly askedBy?: string
}

/** What two commands share if and only if one answer serves both. */
export function questionOf({ cmd, input, revision, format, askedBy }: Command): string {
  return JSON.stringify([cmd, input ?? null, revision ?? null, format ?? null, askedBy ?? null])
}
