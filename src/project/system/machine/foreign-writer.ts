import { readRegularText } from './regular-file.ts'

export type ForeignWriter =
  | { readonly kind: 'owner'; readonly uid: number; readonly name?: string }
  | { readonly kind: 'group'; readonly gid: number; readonly name?: string }
  | { readonly kind: 'everybody' }

export interface FileOwner {
  readonly uid: number
  readonly gid: number
  readonly mode: number
}

export interface Reader {
  readonly uids: readonly number[]
  readonly accounts: () => { readonly passwd: string; readonly group: string }
}

const ROOT = 0
// From this number on users are people: below it are those of the system, some of whom have root's group as their first (useradd(8)).
const PEOPLE = 1000
const [KIND, FILE, FOLDER] = [0o170000, 0o100000, 0o040000]
const [STICKY, BY_GROUP, BY_ALL] = [0o1000, 0o020, 0o002]

/** Who else may change what a file or a folder holds; undefined where only its reader and root may. An access list (acl(5)) shows as the rights of the group. */
export function foreignWriter({ uid, gid, mode }: FileOwner, reader: Reader): ForeignWriter | undefined {
  if (uid !== ROOT && !reader.uids.includes(uid)) return { kind: 'owner', uid, ...named(userOf(uid, reader)?.name) }
  const kind = mode & KIND
  if (kind !== FILE && kind !== FOLDER) return undefined
  if (kind === FOLDER && (mode & STICKY) !== 0) return undefined
  if ((mode & BY_ALL) !== 0) return { kind: 'everybody' }
  if ((mode & BY_GROUP) === 0 || isAlone(gid, reader)) return undefined
  return { kind: 'group', gid, ...named(groupsOf(gid, reader)[0]?.name) }
}

function isAlone(gid: number, reader: Reader) {
  const users = usersOf(reader)
  const own = users.filter(({ uid }) => uid === ROOT || reader.uids.includes(uid)).map(({ name }) => name)
  const groups = groupsOf(gid, reader)
  const first = users.filter((user) => user.gid === gid && (gid !== ROOT || user.uid >= PEOPLE))
  const members = [...groups.flatMap((group) => group.members), ...first.map(({ name }) => name)]
  if (!members.every((name) => own.includes(name))) return false
  return gid === ROOT || groups.some(({ name }) => own.includes(name))
}

function usersOf({ accounts }: Reader) {
  return rowsOf(accounts().passwd).map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
}

function userOf(uid: number, reader: Reader) {
  return usersOf(reader).find((user) => user.uid === uid)
}

function groupsOf(gid: number, { accounts }: Reader) {
  return rowsOf(accounts().group)
    .map(([name = '', , id, members = '']) => ({ name, gid: Number(id), members: members.split(',').filter(Boolean) }))
    .filter((group) => group.gid === gid)
}

function rowsOf(text: string) {
  return text.split('\n').flatMap((line) => (line.includes(':') ? [line.trim().split(':')] : []))
}

function named(name: string | undefined): { readonly name?: string } {
  return name === undefined ? {} : { name }
}

/** For root also whoever has called sudo(8). What is asked of the accounts is read once. */
export function readerOf(env: Readonly<Record<string, string | undefined>>): Reader | undefined {
  const uid = process.geteuid?.()
  if (uid === undefined) return undefined
  const caller = uid === ROOT && /^\d{1,10}$/.test(env.SUDO_UID ?? '') ? [Number(env.SUDO_UID)] : []
  let known: ReturnType<Reader['accounts']> | undefined
  const accounts = () => {
    known ??= { passwd: textOf('/etc/passwd'), group: textOf('/etc/group') }
    return known
  }
  return { uids: [uid, ...caller], accounts }
}

function textOf(path: string) {
  try {
    return readRegularText(path)
  } catch {
    return ''
  }
}
