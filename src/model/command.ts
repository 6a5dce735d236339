/**
 * One EOS command as eAPI takes it: `cmd`, what its prompts are fed (`input`: banner text without the closing EOF,
 * certificate bodies, a mode comment) and the pinned revision of its JSON model (eos-reference 1.2). A show command whose
 * `format` is `text` is answered with what the terminal would print; without it with its JSON model.
 */
export interface Command {
  readonly cmd: string
  readonly input?: string
  readonly revision?: number
  readonly format?: 'text'
}
