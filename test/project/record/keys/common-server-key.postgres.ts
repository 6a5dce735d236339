import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openPostgresStore } from '../../../../src/change/record/postgres/open-postgres-store.ts'
import type { PostgresAddress } from '../../../../src/change/record/postgres/server-config.ts'
import {
  requireCommonServerKey,
  requireKnownServerKey,
  type ServerKeyParts,
  unknownServerKey,
  watchServerKey,
} from '../../../../src/project/identity/signers/common-server-key.ts'
import { signerLine } from '../../../../src/project/identity/ssh/ssh-allowed-signers.ts'
import { signingKeys } from '../../../../src/project/system/machine/key-files.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { KEY } from '../../../change/record/sqlite/open-for-test.ts'
import { asSuperuser, freshDatabase, serverForTests } from '../../../postgres/store-for-test.ts'

const cluster = serverForTests()

/** As `ssh-keygen -l` prints them: the fingerprints of the keys whose 64 hex digits are all `1`, and all `2`. */
const [ONE, TWO] = ['1'.repeat(64), '2'.repeat(64)]
const [PRINT_OF_ONE, PRINT_OF_TWO] = [
  'SHA256:2HS8bJpYBy7bDfWIQN304coFKT0s6CVPABFLYq+IX5E',
  'SHA256:sijgBpZVy7erVIEPkg1iFzd6kBJm7+kWQS9wf+ge734',
]

/** A machine with a server key that has the store open, as a server that others see. */
async function machine(address: PostgresAddress, seed?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'server-key-'))
  if (seed !== undefined) writeFileSync(join(folder, 'server.key'), `${seed}\n`, { mode: 0o600 })
  const opened = await openPostgresStore({
    address,
    installKey: KEY,
    clock: systemClock,
    worker: { kind: 'server', sites: [], version: '1', ttl: 3_000, beat: 500 },
  })
  const claim = await opened.claims.claim(`server ${opened.workers.own}`)
  let isOpen = true
  const end = async () => {
    if (!isOpen) return
    isOpen = false
    await claim.release()
    await opened.store.close()
  }
  onTestFinished(end)
  const said: string[] = []
  const keys = signingKeys(folder, {})
  const parts: ServerKeyParts = {
    notes: opened.notes,
    workers: opened.workers,
    keys,
    clock: systemClock,
    tell: (text) => said.push(text),
    failed: (what, error) => said.push(`${what}: ${String(error)}`),
  }
  return {
    id: opened.workers.own,
    parts,
    keys,
    folder,
    said,
    end,
    look: async () => {
      const stop = new AbortController()
      let looks = 0
      const sleep = async () => {
        looks += 1
        if (looks === 2) stop.abort()
      }
      await watchServerKey({ ...parts, clock: { sleep } }, stop.signal)
    },
  }
}

/** Has a machine begin to serve that has a key, or none. */
const begins = async (address: PostgresAddress, seed?: string) =>
  requireCommonServerKey((await machine(address, seed)).parts)

/** A machine that serves. */
async function serving(address: PostgresAddress, seed = ONE) {
  const made = await machine(address, seed)
  await requireCommonServerKey(made.parts)
  return made
}

/** A project with this trust file. */
const trusting = (trust?: string) => ({
  files: (path: string) => (path === 'trust/allowed_signers' && trust !== undefined ? Buffer.from(trust) : undefined),
  stands: () => false,
})

describe('the server key that the servers of a store have in common', () => {
  test('a server with another key than one that lives does not begin, nor one without any; one with the same key does', async () => {
    const address = await freshDatabase(cluster.server)
    await serving(address)
    await expect(begins(address, TWO)).rejects.toMatchObject({
      kind: 'store',
      message: `the other servers of this store sign decisions with the server key ${PRINT_OF_ONE}, and this machine has ${PRINT_OF_TWO}: what it signs they refuse`,
      hint: 'Give this machine theirs, as server.key beside the store or in EOSFLOW_SERVER_KEY, and start it again. Where its own is to replace theirs, end them first.',
    })
    const bare = await machine(address)
    await expect(requireCommonServerKey(bare.parts)).rejects.toMatchObject({
      kind: 'store',
      message: `the other servers of this store sign decisions with the server key ${PRINT_OF_ONE}, and this machine has none: what it signs they refuse`,
    })
    expect(bare.keys.read('server')).toBeUndefined()
    await begins(address, ONE)
  })

  test('of two without a key that begin at once one makes it, and the other does not begin', async () => {
    const address = await freshDatabase(cluster.server)
    const [one, other] = [await machine(address), await machine(address)]
    const ends = await Promise.allSettled([one, other].map(({ parts }) => requireCommonServerKey(parts)))
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test('what a server that has ended, or is dead, has said of its key keeps nobody away', async () => {
    const address = await freshDatabase(cluster.server)
    await (await serving(address)).end()
    const next = await serving(address, TWO)
    await asSuperuser(address, `UPDATE eosflow.worker SET dead = clock_timestamp() WHERE id = '${next.id}'`)
    await begins(address, ONE)
  })

  test('a key that replaces that of the others begins, and says so; they say that they have another one, until they are given it', async () => {
    const address = await freshDatabase(cluster.server)
    const [one, other] = [await serving(address), await serving(address)]
    await one.look()
    await one.keys.rotate('server', async () => undefined)
    const file = readFileSync(join(one.folder, 'server.key'), 'utf8')
    await one.look()
    expect(one.said).toEqual([
      expect.stringMatching(
        /^! the server key of this machine, SHA256:\S+, replaces SHA256:2HS8bJpYBy7bDfWIQN304coFKT0s6CVPABFLYq\+IX5E: give it to the other servers \(\S+\) and to the workers\. Until then they refuse what this one signs\.\n$/,
      ),
    ])
    expect(one.said[0]).toContain(other.id)
    await other.look()
    expect(other.said).toEqual([
      expect.stringMatching(
        /^! the other servers of this store sign decisions with the server key SHA256:\S+, and this machine has SHA256:2HS8bJpYBy7bDfWIQN304coFKT0s6CVPABFLYq\+IX5E: .+ Give this machine theirs\.\n$/,
      ),
    ])
    // One that is started again with the old key does not begin; one with the new key does, and says nothing more.
    await expect(begins(address, ONE)).rejects.toMatchObject({ kind: 'store' })
    const third = await machine(address)
    writeFileSync(join(third.folder, 'server.key'), file, { mode: 0o600 })
    await requireCommonServerKey(third.parts)
    expect(third.said).toEqual([])
  })

  test('a rolling start with the new key goes through while the others still have the old one', async () => {
    const address = await freshDatabase(cluster.server)
    const [one] = [await serving(address), await serving(address)]
    await one.end()
    const again = await machine(address, ONE)
    await again.keys.rotate('server', async () => undefined)
    await requireCommonServerKey(again.parts)
    expect(again.said).toHaveLength(1)
  })

  test('the store has nothing of it in the clear', async () => {
    const address = await freshDatabase(cluster.server)
    await begins(address, ONE)
    const [row] = await asSuperuser(address, "SELECT body FROM eosflow.note WHERE kind = 'server-key'")
    const body = Buffer.from(row?.body as Uint8Array).toString('latin1')
    expect([body.includes(ONE), body.includes(PRINT_OF_ONE)]).toEqual([false, false])
  })

  test('a worker says that it does not know the key of the servers, unless a line of its trust file names it', async () => {
    const address = await freshDatabase(cluster.server)
    const { parts } = await machine(address, ONE)
    const { notes } = parts
    const worker = await machine(address)
    const project = (identity: object | undefined, trust?: string) => ({
      shared: {},
      notes,
      keys: worker.keys,
      project: {
        settings: (identity === undefined ? {} : { identity }) as never,
        ...trusting(trust),
      },
    })
    const corp = { issuers: [] }
    expect(await unknownServerKey(project(corp))).toBeUndefined()
    await requireCommonServerKey(parts)
    expect(await unknownServerKey(project(corp))).toBe(
      `the servers of this store sign decisions with the server key ${PRINT_OF_ONE}, and this machine has none: it refuses what people of an identity provider approve there`,
    )
    expect(await unknownServerKey(project(undefined))).toBeUndefined()
    const key = parts.keys.read('server')?.key.publicKey ?? ''
    expect(await unknownServerKey(project(corp, `${signerLine('server@eosflow', key)}\n`))).toBeUndefined()
    expect(await unknownServerKey(project(corp, `${signerLine('plan@eosflow', key)}\n`))).toContain(PRINT_OF_ONE)
    writeFileSync(join(worker.folder, 'server.key'), `${ONE}\n`, { mode: 0o600 })
    expect(await unknownServerKey(project(corp))).toBeUndefined()
  })

  test('a machine signs no decision with another key, unless a line of its trust file names it, or the servers have ended', async () => {
    const address = await freshDatabase(cluster.server)
    const server = await serving(address)
    const { parts, keys } = await machine(address, TWO)
    const signs = (trust?: string) => requireKnownServerKey({ ...parts, shared: parts, project: trusting(trust) })
    const line = (namespace: string) => `${signerLine(namespace, keys.read('server')?.key.publicKey ?? '')}\n`
    for (const trust of [undefined, line('plan@eosflow')])
      await expect(signs(trust)).rejects.toMatchObject({
        kind: 'store',
        message: `the other servers of this store sign decisions with the server key ${PRINT_OF_ONE}, and this machine has ${PRINT_OF_TWO}: what it signs they refuse`,
        hint: expect.stringContaining('or decide at one of them.'),
      })
    await signs(line('server@eosflow'))
    await server.end()
    await signs()
  })
})
