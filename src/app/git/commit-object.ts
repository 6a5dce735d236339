/** A commit as it was signed. */
export interface CommitObject {
  /** What the signature is over: the commit without its signatures. */
  readonly payload: Buffer
  /** The signature; absent where there is none, or more than one. */
  readonly signature?: string
  /** The commits that it says it was made from: what is signed names them all, wherever it does. */
  readonly parents: readonly string[]
  /** When it says that it was made, milliseconds since the epoch; absent where it does not. */
  readonly at?: number
}

/**
 * Takes a commit apart (gitformat-signature(5)): the field `gpgsig`, in a repository of SHA-256 `gpgsig-sha256`, holds the signature, in lines that go on
 * with a blank. Neither field is signed.
 */
export function readCommitObject(raw: Buffer, id: string): CommitObject {
  const end = raw.indexOf('\n\n')
  const [header, rest] = end < 0 ? [raw, Buffer.alloc(0)] : [raw.subarray(0, end), raw.subarray(end)]
  const fields = header.toString('latin1').split(/\n(?! )/)
  const signed = fields.filter((field) => !field.startsWith('gpgsig'))
  const name = `${id.length === 64 ? 'gpgsig-sha256' : 'gpgsig'} `
  const [only, ...others] = fields.filter((field) => field.startsWith(name))
  const at = signed.map(timeIn).find((one) => one !== undefined)
  return {
    payload: Buffer.concat([Buffer.from(signed.join('\n'), 'latin1'), rest]),
    parents: signed.flatMap((field) => (field.startsWith('parent ') ? [field.slice('parent '.length)] : [])),
    ...(only === undefined || others.length > 0
      ? {}
      : { signature: `${only.slice(name.length).replaceAll('\n ', '\n').trimEnd()}\n` }),
    ...(at === undefined ? {} : { at }),
  }
}

function timeIn(field: string): number | undefined {
  const seconds = /^committer .*> (\d{1,12}) [+-]\d{4}$/.exec(field)?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1_000
}
