import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { PRIVATE, writeUnlinked } from '../app/unlinked-file.ts'
import { principal } from '../journal/record-schema.ts'
import type { Principal } from '../model/principal.ts'

const session = z.strictObject({
  digest: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex'),
  principal,
  ends: z.number(),
  seen: z.number(),
  sid: z.string().optional(),
})
const schema = z.strictObject({ version: z.literal(1), sessions: z.array(session) })

/** A session as it is kept: nobody can make its cookie, or the token of its forms, of this. */
export interface KeptSession {
  readonly digest: string
  readonly principal: Principal
  /** When it ends whatever happens, and when it was used last, in milliseconds since the epoch. */
  readonly ends: number
  readonly seen: number
  /** The session of the provider that it was begun by, where the provider says that. */
  readonly sid?: string | undefined
}

/** The sessions of a server, beside its store: a front that is started again, and a server, know the browsers of the one before. */
export interface KeptSessions {
  read(): readonly KeptSession[]
  keep(sessions: readonly KeptSession[]): void
}

/** Reads and writes `sessions.json` in the folder of the store. What cannot be read is nobody's session. */
export function keptSessions(folder: string): KeptSessions {
  const file = join(folder, 'sessions.json')
  return {
    read: () => {
      try {
        const read = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
        return read.success ? read.data.sessions : []
      } catch {
        return []
      }
    },
    keep: (sessions) => {
      // Renamed over the other, so that a crash leaves one of the two.
      writeUnlinked(`${file}.new`, `${JSON.stringify({ version: 1, sessions })}\n`, PRIVATE)
      renameSync(`${file}.new`, file)
    },
  }
}
