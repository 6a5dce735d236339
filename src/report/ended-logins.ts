import type { Issuer } from '../model/principal.ts'

export interface EndedLogin {
  readonly issuer: Issuer['name']
  readonly revoked: boolean
}

export function endedLoginsText(ended: readonly EndedLogin[]): string {
  const rows = ended.map(
    ({ issuer, revoked }) =>
      `${issuer}: forgotten here${revoked ? ' and revoked there' : '; its tokens are good there until they run out'}`,
  )
  return [...rows, `${ended.length} login${ended.length === 1 ? '' : 's'} ended`].join('\n')
}
