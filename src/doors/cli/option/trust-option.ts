import type { Invocation } from '../terminal/io.ts'

/** The file of allowed signers that `--trust` names. */
export function trustOption({ options }: Pick<Invocation, 'options'>): string | undefined {
  return typeof options.trust === 'string' ? options.trust : undefined
}
