import { hostsOfPattern } from '../../../change/roster/ansible/pattern.ts'
import { listForm, renderedVariables, writtenVariable } from '../../../change/roster/rendered-roster.ts'
import { decryptVault, VaultKeys, type VaultPassword } from '../../../change/roster/vault/decrypt-vault.ts'
import { type Place, type Problem, problemOf, type ValueOrProblems } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { Secret } from '../../../model/secret.ts'
import { refuse } from '../../../text/source/located.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { watchedTree } from '../../system/machine/watched-tree.ts'
import type { Host } from '../../system/process/host.ts'
import { InputError, inputError, orProblems } from '../../system/process/input-error.ts'
import { readGiven } from '../../system/process/read-given.ts'
import type { FileKind } from './read-file-roster.ts'
import type { ReadRoster, RosterReader, RosterSource } from './read-source.ts'

// The kinds of inventories that `inventory read` prints, each with its reader, which is loaded when it is needed.
const ofFiles = (kind: FileKind) => async () => (await import('./read-file-roster.ts')).fileRoster(kind)

const KINDS: Readonly<Record<string, () => Promise<RosterReader>>> = {
  ansible: async () => (await import('../../../change/roster/ansible/read-ansible.ts')).readAnsible,
  nornir: ofFiles('nornir'),
  anta: ofFiles('anta'),
  containerlab: ofFiles('containerlab'),
  csv: ofFiles('csv'),
}

async function readRoster(kind: string, source: RosterSource): Promise<ValueOrProblems<ReadRoster>> {
  const load = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined
  if (load !== undefined) return (await load())(source)
  const kinds = Object.keys(KINDS)
  return refuse(
    problemOf('KIND', 'unknown-kind', `there is no kind of inventory ${JSON.stringify(kind)}`, didYouMean(kind, kinds)),
  )
}

export interface PrintRequest {
  readonly kind: string
  readonly paths: readonly string[]
  readonly passwordFiles: readonly string[]
  readonly isRendered: boolean
  /** A pattern of Ansible, and where it was given; undefined for all hosts. */
  readonly limit: { readonly pattern: string; readonly at: Place } | undefined
}

export interface RosterPrinter {
  readonly out: (text: string) => void
  /** Resolves when what was given to `out` has left; absent where nothing is held. */
  readonly drained?: (() => Promise<void>) | undefined
  readonly note: (problem: Problem) => void
}

// How many characters are handed over at once.
const PIECE = 262_144

/** Prints an inventory of another tool as `ansible-inventory --list` does, with what is odd in it as `notes` first. Secrets are not in it: a vault text stays encrypted, or is `<secret>` where values are rendered. */
export async function printRoster(host: Host, request: PrintRequest, printer: RosterPrinter): Promise<void> {
  const vault = { passwords: request.passwordFiles.map((given) => passwordIn(host, given)), keys: new VaultKeys() }
  const learn = (secret: string, source: string) => host.scrubber.register(new Secret(secret), source)
  const read = await readRoster(request.kind, {
    tree: watchedTree(host.cwd, ['/']),
    paths: request.paths,
    open: (envelope) => decryptVault(envelope, vault.passwords, vault.keys),
  })
  const { roster, notes } = orProblems(read)
  for (const problem of notes) printer.note(problem)
  const hosts =
    request.limit === undefined
      ? undefined
      : new Set(orProblems(hostsOfPattern(roster, request.limit.pattern, request.limit.at)))
  const rendered = request.isRendered
    ? renderedVariables({ vault, roster, onSecret: (secret) => learn(secret, 'vault') })
    : undefined
  await print(
    listForm(roster, {
      ...definedMembers({ hosts }),
      shownAs: rendered?.shownAs ?? writtenVariable,
      isShared: rendered === undefined,
    }),
    printer,
  )
  const refused = rendered?.problems() ?? []
  if (refused.length > 0) throw new InputError(refused)
}

async function print(pieces: Iterable<string>, { out, drained }: RosterPrinter) {
  let text = ''
  for (const piece of pieces) {
    text += piece
    if (text.length < PIECE) continue
    out(text)
    text = ''
    await drained?.()
  }
  out(text)
}

function passwordIn(host: Host, given: string): VaultPassword {
  const sign = given.indexOf('@')
  const [id, path] = sign < 0 ? ['default', given] : [given.slice(0, sign), given.slice(sign + 1)]
  const secret = Buffer.from(readGiven(host, path)).toString('utf8').trim()
  const refused = (message: string, hint: string) => inputError(path, 'inventory-vault', message, hint)
  if (secret.startsWith('#!'))
    throw refused('this is a program, which is not run for a password', 'write the password into a file')
  if (secret === '') throw refused('there is no password in it', 'write the password into the file')
  host.scrubber.register(new Secret(secret), path)
  return { id, secret }
}
