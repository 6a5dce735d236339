import { lstatSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { codeOf } from '../../../model/error.ts'
import { definedItems } from '../../../model/json.ts'
import type { Principal } from '../../../model/principal.ts'
import { type TwoPeople, twoPeoplePolicy } from '../../../report/policy/two-people.ts'
import { visibleLine } from '../../../report/text/text.ts'
import { TRUST_FILE } from '../../files/loaded-policy.ts'
import type { Project } from '../../files/project.ts'
import {
  type AllowedSigner,
  APPROVAL_NAMESPACE,
  parseAllowedSigners,
  readPublicKeyFile,
  sshFingerprint,
} from '../../identity/ssh/ssh-allowed-signers.ts'
import { readRegularText } from '../../system/machine/regular-file.ts'
import type { Host, WordedHost } from '../../system/process/host.ts'
import { inputError, orProblems } from '../../system/process/input-error.ts'
import { replaceFile, requireUnlinkedFile } from '../../system/process/save-text.ts'
import { type TriedPolicy, tryPolicy } from './try-policy.ts'

export interface PolicyRequest extends TwoPeople {
  readonly replace: boolean
}

/** Writes a policy for two people into a project, once its own tests have passed: all of it or none. Throws InputError, also for a policy that is there. */
export function initPolicy(host: WordedHost, project: Project, { lead, replace }: PolicyRequest): TriedPolicy {
  const file = project.settings.policy
  const path = join(project.dir, file)
  requireUnlinkedFile(dirname(path), dirname(file))
  requireUnlinkedFile(path, file)
  const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined
  if (isThere && !replace) {
    const hint = `To have another one in its place, which changes who may do what: add --replace. Nothing was written.`
    throw inputError(file, 'policy-there', 'there is a policy here already', hint)
  }
  const text = twoPeoplePolicy({ lead: lead === undefined ? undefined : requireName(lead) })
  const tried = tryPolicy(host, project, { [file]: text })
  if (tried === undefined) throw new Error('a policy that is given was not tried')
  replaceFile(path, file, text, isThere ? readRegularText(path, { noLink: true }) : '')
  return tried
}

export interface SignerRequest {
  readonly name: string
  readonly file: string
  /** The local user who is this person: `me`, or as `eosflow whoami` prints it; absent: the caller, if the private key lies beside. */
  readonly login?: string | undefined
}

export interface AddedSigner {
  readonly name: string
  readonly fingerprint: string
  readonly logins: readonly string[]
  readonly wasThere: boolean
  /** The names of all people with a key that approves, in the order of the file. */
  readonly people: readonly string[]
  readonly unknown: readonly string[]
  readonly policy: TriedPolicy | undefined
  readonly warning?: string | undefined
}

/** Has a project trust the SSH key of a person, by a line in its file of allowed signers: all of it or none. What would be written is read and tried with the policy before it is written. */
export function addSigner(host: Host, project: Project, caller: Principal, request: SignerRequest): AddedSigner {
  const name = requireName(request.name)
  const { type, key } = keyIn(host, request.file)
  const path = join(project.dir, TRUST_FILE)
  requireUnlinkedFile(dirname(path), dirname(TRUST_FILE))
  requireUnlinkedFile(path, TRUST_FILE)
  const before = textOf(path)
  const known = orProblems(parseAllowedSigners(before, TRUST_FILE))
  requireFree(known, name, key)
  const login = loginOf(host, caller, request, known)
  const text = withLine(before, known, { name, type, key, login })
  const signers = orProblems(parseAllowedSigners(text, TRUST_FILE)).filter(approves)
  const policy = tryPolicy(host, project, { [TRUST_FILE]: text })
  if (text !== before) {
    replaceFile(path, TRUST_FILE, text, before)
  }
  const people = [...new Set(signers.map(({ names: [first] }) => first))]
  const loginsOf = (one: string) =>
    signers.filter(({ names }) => names[0] === one).flatMap(({ names }) => names.slice(1).filter(isLocal))
  const warning = login === undefined ? undefined : rootWarningOf(login)
  return {
    name,
    fingerprint: sshFingerprint(key),
    logins: [...new Set(loginsOf(name))],
    wasThere: text === before,
    people,
    unknown: people.filter((one) => loginsOf(one).length === 0),
    policy,
    warning,
  }
}

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._+-]*[A-Za-z0-9])?(?:@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)?$/

// The name of a person who has a key. Throws InputError for what is none.
function requireName(name: string) {
  const isOurs = name.toLowerCase() === 'eosflow'
  if (NAME.test(name) && name.length <= 100 && !isOurs) return name
  const message = isOurs
    ? 'lines of an installation have this name'
    : `${JSON.stringify(visibleLine(name))} is no name: letters and digits of ASCII, with . _ + - between, and one @`
  throw inputError('name', 'bad-name', message, 'Write the name as bob or bob@example.org.')
}

function keyIn({ cwd }: Pick<Host, 'cwd'>, file: string) {
  let text: string
  try {
    text = readRegularText(resolve(cwd, file), { noLink: true, most: 65_536 })
  } catch (error) {
    const code = codeOf(error, 'unreadable')
    const message = code === 'ELOOP' ? 'it is a symbolic link: name the file itself' : `cannot be read (${code})`
    throw inputError(file, 'bad-key', message, HOW)
  }
  const read = readPublicKeyFile(text)
  if (typeof read === 'string') throw inputError(file, 'bad-key', read, HOW)
  return read
}

const HOW = 'Whoever owns the key sends its public half: ~/.ssh/id_ed25519.pub. To make one: ssh-keygen -t ed25519'

function requireFree(known: readonly AllowedSigner[], name: string, key: Buffer) {
  const owner = known.find((one) => one.key.equals(key))
  if (owner !== undefined && owner.names[0] !== name) {
    const message = `the key ${owner.fingerprint} is that of ${owner.names[0]}: one key is of one person`
    throw inputError(name, 'key-of-another', message, `One person has one name. To rename: edit ${TRUST_FILE}.`)
  }
  if (owner !== undefined && !approves(owner)) {
    const message = `the key ${owner.fingerprint} of ${name} is there, and may not sign approvals`
    throw inputError(
      name,
      'other-namespace',
      message,
      `Add it by hand in ${TRUST_FILE}: namespaces="git,${APPROVAL_NAMESPACE}"`,
    )
  }
  const alike = known.find(({ names }) => names.some((one) => one.toLowerCase() === name.toLowerCase()))
  if (owner === undefined && alike !== undefined) {
    const message = `${alike.names[0]} has another key, ${alike.fingerprint}`
    const hint = `If it is the same person, edit ${TRUST_FILE}: replace the key there, or add a line. If not, choose another name.`
    throw inputError(name, 'name-with-another-key', message, hint)
  }
}

const approves = ({ namespaces }: Pick<AllowedSigner, 'namespaces'>) =>
  namespaces === undefined || namespaces.includes(APPROVAL_NAMESPACE)

const isLocal = (name: string) => name.startsWith('local:')

const LOGIN = /^local:\d+:[\w.+-]+@[\w.-]+$/

// Throws InputError for one that is another person.
function loginOf(
  { cwd }: Pick<Host, 'cwd'>,
  caller: Principal,
  { name, file, login }: SignerRequest,
  known: readonly AllowedSigner[],
) {
  const own =
    caller.issuer === 'local' && caller.userNamespace !== true && LOGIN.test(caller.id) ? caller.id : undefined
  const isOther = (one: string) => known.some(({ names }) => names.includes(one) && names[0] !== name)
  if (login === undefined) {
    // Who has the private key beside it adds their own key; where they are known already it is one of a second person on this machine.
    return own !== undefined && !isOther(own) && isOwnKey(resolve(cwd, file)) ? own : undefined
  }
  const asked = login === 'me' ? own : login
  if (asked === undefined || !LOGIN.test(asked)) {
    const message =
      login === 'me'
        ? `${caller.id} is no local user who can be named`
        : `${JSON.stringify(visibleLine(login))} is no local user`
    throw inputError('--login', 'bad-login', message, 'Write it as eosflow whoami prints it: local:1000:bob@noc1')
  }
  const other = known.find(({ names }) => names.includes(asked) && names[0] !== name)
  if (other === undefined) return asked
  throw inputError(
    '--login',
    'login-of-another',
    `${asked} is ${other.names[0]}: one local user is one person`,
    `Edit ${TRUST_FILE}.`,
  )
}

function isOwnKey(file: string) {
  if (!file.endsWith('.pub')) return false
  try {
    return /PRIVATE KEY/.test(readRegularText(file.slice(0, -'.pub'.length), { most: 65_536 }).slice(0, 100))
  } catch {
    return false
  }
}

function textOf(path: string) {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return ''
  try {
    return readRegularText(path, { noLink: true })
  } catch (error) {
    throw inputError(TRUST_FILE, 'unreadable-trust', `cannot be read (${codeOf(error)})`, 'Nothing was written.')
  }
}

interface NewLine {
  readonly name: string
  readonly type: string
  readonly key: Buffer
  readonly login: string | undefined
}

function withLine(before: string, known: readonly AllowedSigner[], { name, type, key, login }: NewLine) {
  const base64 = key.toString('base64')
  const owner = known.find((one) => one.key.equals(key))
  if (owner === undefined) {
    const begin = before === '' || before.endsWith('\n') ? before : `${before}\n`
    const names = definedItems(name, login).join(',')
    return `${begin}${names} namespaces="${APPROVAL_NAMESPACE}" ${type} ${base64}\n`
  }
  if (login === undefined || known.some(({ names }) => names.includes(login))) return before
  const lines = before.split('\n')
  const at = lines.findIndex((line) => line.split(/\s+/).includes(base64) && !/^\s*#/.test(line))
  return lines
    .with(
      at,
      (lines[at] ?? '').replace(/^\s*\S+/, (names) => `${names},${login}`),
    )
    .join('\n')
}

function rootWarningOf(login: string) {
  return /^local:0:/.test(login)
    ? `${login} is each person who is root on that machine: let each person have a user of their own`
    : undefined
}
