import { join } from 'node:path'
import { definedMembers } from '../../../model/defined-members.ts'
import { type SigningKey, signingKeyOf } from '../../../model/ed25519.ts'
import { EosflowError } from '../../../model/error.ts'
import { freshKey, KEY_HEX, makeKeyFile, readKeyFile, replaceKeyFile } from './key-file.ts'

export const SIGNING_KEYS = {
  plan: { env: 'EOSFLOW_PLAN_KEY', file: 'plan.key', use: 'seals plans' },
  server: { env: 'EOSFLOW_SERVER_KEY', file: 'server.key', use: 'vouches for people of an identity provider' },
  checkpoint: { env: 'EOSFLOW_CHECKPOINT_KEY', file: 'checkpoint.key', use: 'signs checkpoints of the record' },
} as const

export type KeyName = keyof typeof SIGNING_KEYS

export interface RetiredKey {
  /** 32 bytes in base64. */
  readonly publicKey: string
  /** The last record that it may have signed for; only of checkpoints. */
  readonly until?: number
}

export interface LostKey {
  /** What its checkpoints call it: four bytes in hex. */
  readonly keyId: string
  readonly until: number
}

/** A key of this installation, and those that it has replaced, newest first. */
export interface KeyRing {
  readonly key: SigningKey
  readonly retired: readonly RetiredKey[]
  readonly lost: readonly LostKey[]
  readonly source: string
}

export interface KeyChange {
  /** Absent where there was none here, because it is lost. */
  readonly from?: string
  readonly to: string
}

export interface SigningKeys {
  read(name: KeyName): KeyRing | undefined
  /** The key, made the first time. */
  readOrMake(name: KeyName): KeyRing
  /**
   * Puts a new key in place of the one that there is, once `settle` has been given both: it gives the last record that the old one may
   * have signed for, where that matters. `lost` are keys that have signed and are not here: they go into the file as such.
   */
  rotate(
    name: KeyName,
    settle: (change: KeyChange) => Promise<number | undefined>,
    lost?: readonly LostKey[],
  ): Promise<KeyChange>
}

/** The signing keys in a folder, or in the environment where that names them: it takes the text of a key file. */
export function signingKeys(folder: string, env: Readonly<Record<string, string | undefined>>): SigningKeys {
  const given = (name: KeyName) => env[SIGNING_KEYS[name].env] || undefined
  const pathOf = (name: KeyName) => join(folder, SIGNING_KEYS[name].file)
  const read = (name: KeyName): KeyRing | undefined => {
    const text = given(name) ?? readKeyFile(pathOf(name))
    const source = given(name) === undefined ? pathOf(name) : SIGNING_KEYS[name].env
    return text === undefined ? undefined : readRing(text, source)
  }
  return {
    read,
    readOrMake: (name) => read(name) ?? readRing(makeKeyFile(pathOf(name), freshKey()), pathOf(name)),
    rotate: async (name, settle, lost = []) => {
      const { env: variable } = SIGNING_KEYS[name]
      if (given(name) !== undefined) throw givenElsewhere(name, variable, pathOf(name))
      const old = read(name)
      if (old === undefined && lost.length === 0) throw nothingToRotate(name)
      const seed = freshKey()
      const { publicKey: to } = readRing(seed, pathOf(name)).key
      const change = old === undefined ? { to } : { from: old.key.publicKey, to }
      const until = await settle(change)
      const replaced = old === undefined ? [] : [endOf(old, until), ...old.retired]
      replaceKeyFile(pathOf(name), ringText(seed, replaced, [...lost, ...(old?.lost ?? [])]))
      return change
    },
  }
}

/** The secret halves of the keys in a folder, for whoever keeps them from being printed. */
export function seedsIn(folder: string): readonly string[] {
  return Object.values(SIGNING_KEYS).flatMap(({ file }) => {
    try {
      return readKeyFile(join(folder, file))?.split(/\r?\n/, 1) ?? []
    } catch (error) {
      if (error instanceof EosflowError) return []
      throw error
    }
  })
}

function endOf({ key: { publicKey } }: KeyRing, until: number | undefined): RetiredKey {
  return { publicKey, ...definedMembers({ until }) }
}

const RETIRED = /^retired ([A-Za-z0-9+/]{43}=)(?: until ([0-9]{1,15}))?$/

const LOST = /^lost ([0-9a-f]{8}) until ([0-9]{1,15})$/

function readRing(text: string, source: string): KeyRing {
  const [seed = '', ...lines] = text.split(/\r?\n/).map((line) => line.trim())
  const others = lines.filter((line) => line !== '')
  const lost = others.map((line) => LOST.exec(line)).filter((found) => found !== null)
  const retired = others.filter((line) => !LOST.test(line)).map((line) => RETIRED.exec(line))
  if (!KEY_HEX.test(seed) || retired.includes(null)) {
    throw new EosflowError('store', `${source} does not hold a key of 64 hex digits, and behind it replaced ones`, {
      hint: source.endsWith(SIGNING_KEYS.checkpoint.file)
        ? 'Restore it from a backup. Where it is lost take it away, then: eosflow key rotate checkpoint --reason TEXT'
        : 'Restore it from a backup, or make one with: openssl rand -hex 32',
    })
  }
  return {
    key: signingKeyOf(Buffer.from(seed, 'hex')),
    retired: retired.map((found) => {
      const [, publicKey = '', until] = found ?? []
      return { publicKey, ...(until === undefined ? {} : { until: Number(until) }) }
    }),
    lost: lost.map(([, keyId = '', until]) => ({ keyId, until: Number(until) })),
    source,
  }
}

function ringText(seed: string, retired: readonly RetiredKey[], lost: readonly LostKey[] = []) {
  const lines = retired.map(
    ({ publicKey, until }) => `retired ${publicKey}${until === undefined ? '' : ` until ${until}`}`,
  )
  return [seed, ...lines, ...lost.map(({ keyId, until }) => `lost ${keyId} until ${until}`)].join('\n')
}

function givenElsewhere(name: KeyName, variable: string, path: string) {
  return new EosflowError('store', `the ${name} key is given by ${variable}, and not kept here`, {
    hint: `Write the text of ${variable} into ${path}, for its owner only, and take ${variable} away. Do it again, and give the text that is in the file then in ${variable}.`,
  })
}

function nothingToRotate(name: KeyName) {
  return new EosflowError('store', `there is no ${name} key here to replace`, {
    hint: `It is made the first time that it is needed, or by: eosflow key show ${name}`,
  })
}
