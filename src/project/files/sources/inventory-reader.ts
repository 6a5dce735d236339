import { type Inventory, parseInventory } from '../../../change/inventory/inventory.ts'
import type { ReadSources, SourceReading } from '../../../change/inventory/source/source-settings.ts'
import { type Place, problemOf, type ValueOrProblems } from '../../../model/error.ts'
import { Secret } from '../../../model/secret.ts'
import { absentProblem, type Files } from '../../../text/source/files.ts'
import { refuse } from '../../../text/source/located.ts'
import { whyOrdinary } from '../../secret/ordinary.ts'
import type { WatchedTree } from '../../system/machine/watched-tree.ts'
import type { Host } from '../../system/process/host.ts'
import { InputError, orProblems } from '../../system/process/input-error.ts'
import type { Settings } from '../settings/settings.ts'
import { answerFile } from './cache-file.ts'
import { keptSource, remoteSource } from './kept-source.ts'
import { answerName } from './read-service.ts'
import { pathsOf, readSource } from './read-source.ts'
import { opensAllVaults, vaultKnowledge } from './vault-knowledge.ts'
import { keptPasswords, passwordAtHand } from './vault-passwords.ts'

export type InventoryHost = Pick<Host, 'scrubber' | 'words' | 'typedPasswords'> & Partial<Pick<Host, 'env'>>

export interface InventoryGround {
  readonly dir: string
  readonly settings: Pick<Settings, 'inventory' | 'inventoryPrograms' | 'secrets'>
  readonly files: Files
  readonly netboxBranch?: string
  readonly sourceTree?: (paths: readonly string[]) => WatchedTree
}

export interface InventoryReader {
  /** Throws InputError. */
  inventory(): Inventory
  parse(text: string | Uint8Array, file: string): ValueOrProblems<Inventory>
}

interface Basis {
  readonly trees: readonly WatchedTree[]
  readonly passwords: number
  readonly opensAll: boolean
}

export function inventoryReader(ground: InventoryGround, host: InventoryHost): InventoryReader {
  const { files, settings } = ground
  const file = settings.inventory
  const asks = host.typedPasswords !== undefined
  let last: { readonly content: string | Uint8Array; readonly basis: Basis; readonly inventory: Inventory } | undefined
  return {
    parse: (text, name) => parseInventory(text, name, settings.secrets, sourcesOn(ground, host).read, asks),
    inventory: () => {
      const content = files(file)
      if (content === undefined) throw new InputError([absentProblem(files, file, noInventory(host, files, file))])
      if (last !== undefined && isAlike(last.content, content) && isSame(last.basis, host)) return last.inventory
      const { read, basis } = sourcesOn(ground, host)
      const inventory = orProblems(parseInventory(content, file, settings.secrets, read, asks))
      host.scrubber.leave(inventory.devices.map(({ name }) => name))
      last = { content, basis: basis(), inventory }
      return inventory
    },
  }
}

function isAlike(one: string | Uint8Array, other: string | Uint8Array) {
  return typeof one === 'string' || typeof other === 'string' ? one === other : Buffer.compare(one, other) === 0
}

function isSame({ trees, passwords, opensAll }: Basis, host: InventoryHost) {
  const isAsOpen = passwords === keptPasswords(host) && opensAll === opensAllVaults(host.scrubber)
  return isAsOpen && trees.every((tree) => tree.isSame())
}

function sourcesOn(
  { dir, settings: given, sourceTree, netboxBranch }: InventoryGround,
  host: InventoryHost,
): { readonly read: ReadSources | undefined; readonly basis: () => Basis } {
  const settings = netboxBranch === undefined ? given : { ...given, netboxBranch }
  const trees: WatchedTree[] = []
  const passwords = keptPasswords(host)
  const opensAll = opensAllVaults(host.scrubber)
  const read: ReadSources | undefined =
    sourceTree === undefined
      ? undefined
      : (sources, placeOf) =>
          sources.map((source, index) => {
            const tree = sourceTree(pathsOf(source))
            const label = `a secret of ${pathsOf(source).join(', ')}`
            trees.push(tree)
            const read = readSource(source, placeOf(index), {
              tree,
              password: (reference) => {
                const found = passwordAtHand(host, reference)
                return 'secret' in found ? { secret: found.secret.reveal() } : found
              },
              kept: (asked, at) => {
                const remote = remoteSource(asked, settings, at)
                if (remote.ok) tree.watch(answerFile(answerName(remote.value)))
                return keptSource(dir, asked, settings, at, host.words({ code: 'refresh-inventory' }))
              },
              // An ordinary word is not removed from what is printed, and these logins are not used: there is nothing to say.
              secret: (value) => {
                if (whyOrdinary(value, new Set()) === undefined) host.scrubber.register(new Secret(value), label)
              },
              ...vaultKnowledge(host.scrubber, label),
            })
            return insideOnly(read, tree.outside(), placeOf(index))
          })
  return { read, basis: () => ({ trees, passwords, opensAll }) }
}

function insideOnly(
  read: ValueOrProblems<SourceReading>,
  outside: readonly string[],
  at: Place,
): ValueOrProblems<SourceReading> {
  const [first, ...rest] = outside.map((path) => ({
    code: 'outside-project',
    message: `\`${path}\` leads outside of the project and of the source`,
    at,
    hint: 'put the files themselves there: a link out of it is not followed',
  }))
  return first === undefined ? read : refuse(first, ...rest)
}

function noInventory(host: Pick<Host, 'words'>, files: Files, file: string) {
  const near = file.endsWith('.yml') ? file.replace(/yml$/, 'yaml') : file.replace(/yaml$/, 'yml')
  const hint =
    near !== file && files(near) !== undefined
      ? `There is ${near}: name it in eosflow.yaml (inventory: ${near}).`
      : host.words({ code: 'write-inventory' })
  return problemOf(file, 'no-inventory', `there is no ${file} in the project`, hint)
}
