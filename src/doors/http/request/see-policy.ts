export const SEE_POLICY = '/policy says what it decides about you, and by which rules.'

export function hintOverHttp(hint: string): string {
  return hint.includes('eosflow policy explain ') ? SEE_POLICY : hint
}
