const HEAD_END = Buffer.from('\r\n\r\n')

/** Finds the requests of eAPI in what a client sends over one connection, which comes in pieces. */
export class RequestReader {
  #rest = Buffer.alloc(0)

  /** The commands of each request that is whole with these bytes. */
  read(bytes: Buffer): readonly (readonly string[])[] {
    this.#rest = Buffer.concat([this.#rest, bytes])
    const found: (readonly string[])[] = []
    for (;;) {
      const end = this.#rest.indexOf(HEAD_END)
      if (end === -1) return found
      const begin = end + HEAD_END.length
      const head = this.#rest.subarray(0, end).toString('latin1')
      const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0)
      if (this.#rest.length < begin + length) return found
      if (length > 0) found.push(commandsOf(this.#rest.subarray(begin, begin + length).toString('utf8')))
      this.#rest = this.#rest.subarray(begin + length)
    }
  }
}

function commandsOf(body: string): readonly string[] {
  const { params = {} } = JSON.parse(body) as { readonly params?: { readonly cmds?: readonly unknown[] } }
  return (params.cmds ?? []).map((one) => (typeof one === 'string' ? one : (one as { readonly cmd: string }).cmd))
}
