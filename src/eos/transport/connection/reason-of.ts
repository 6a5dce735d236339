// Getaddrinfo(3): the name is not known, or the name server does not answer.
const NO_ADDRESS = /^(?:ENOTFOUND|EAI_)/
// Socket(2): the process, or the whole system, has as many files open as it may have.
const NO_FILE = /^(?:EMFILE|ENFILE)$/

export function reasonOf(error: NodeJS.ErrnoException): string {
  if (error instanceof AggregateError) return error.errors.map((one) => String(one.message)).join(', ')
  if (NO_ADDRESS.test(error.code ?? '')) return `this name has no address here (${error.code})`
  if (NO_FILE.test(error.code ?? '')) return `no more files may be open here, and a connection is one (${error.code})`
  return error.message === '' ? (error.code ?? 'no reason given') : error.message
}

/** What mends a connection to a switch that failed so, or `otherwise`. */
export function mendOf({ code = '' }: NodeJS.ErrnoException, otherwise: string): string {
  if (NO_FILE.test(code)) return 'Nothing was sent. Let the process have more files open: ulimit -n'
  if (!NO_ADDRESS.test(code)) return otherwise
  return 'Write the address into the inventory (host: 10.0.0.11), or a name that this machine knows: getent hosts NAME'
}
