import { EosflowError } from '../../../model/error.ts'

/** A text was altered, or was made under an install key that the store was under before and that is not here. */
export class LackingKeyError extends EosflowError {
  constructor(ref: string, lacking: readonly string[]) {
    super('store', `${ref} in the store was altered, or made under ${lackingWords(lacking)}`, { hint: LACKING_HINT })
    this.name = 'LackingKeyError'
  }
}

export const LACKING_HINT =
  'Give it among the old ones: in EOSFLOW_OLD_KEYS, as a line of install.old.keys, or by `oldKeys:` in eosflow.yaml.'

export function lackingWords(lacking: readonly string[]): string {
  if (lacking.length === 0) return 'an install key that is not here'
  const keys = lacking.length === 1 ? `the install key ${lacking[0]}` : `one of the install keys ${lacking.join(', ')}`
  return `${keys}, which the store was under before and which is not here`
}
