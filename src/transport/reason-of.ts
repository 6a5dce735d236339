/** Why a socket failed. A name with several addresses fails with one error for each of them and no message. */
export function reasonOf(error: NodeJS.ErrnoException): string {
  if (error instanceof AggregateError) return error.errors.map((one) => String(one.message)).join(', ')
  return error.message === '' ? (error.code ?? 'no reason given') : error.message
}
