/** The hint of a denial over HTTP. */
export const SEE_POLICY = '/policy says what it decides about you, and by which rules.'

/** A hint as it is told over HTTP. The line that a terminal shows of a denial names rules and people, of whom the caller may know nothing. */
export function hintOverHttp(hint: string): string {
  return hint.includes('eosflow policy explain ') ? SEE_POLICY : hint
}
