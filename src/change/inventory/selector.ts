import { globMatches } from '../../model/glob.ts'
import type { Place, Problem, ValueOrProblems } from '../../model/problem.ts'
import { accept, acceptUnless, refuse } from '../../text/source/checked.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import type { Inventory, InventoryDevice } from './inventory.ts'
import { parseSelector, type Selector, type SwitchLists, shownSelector, TYPED } from './selector-text.ts'

/** The switches that a selector means, in the order of the inventory. */
export function select(inventory: Inventory, selector: Selector): readonly InventoryDevice[] {
  return inventory.devices.filter(testOf(selector))
}

export function selects(selector: Selector, device: InventoryDevice): boolean {
  return testOf(selector)(device)
}

/** `lists` is what its words `@FILE` and `failed:EXECUTION` mean. */
export function selectDevices(
  expression: string,
  inventory: Inventory,
  at: Place = TYPED,
  lists?: SwitchLists,
): ValueOrProblems<readonly [InventoryDevice, ...InventoryDevice[]]> {
  const parsed = parseSelector(expression, at, lists)
  if (!parsed.ok) return parsed
  const unknown = new KnownWords(inventory).unknownIn(parsed.value)
  if (unknown.length > 0) return acceptUnless(unknown, () => [] as never)
  const [first, ...rest] = select(inventory, parsed.value)
  if (first !== undefined) return accept([first, ...rest])
  return refuse({
    code: 'nothing-selected',
    message: `\`${shownSelector(expression)}\` selects none of the ${inventory.devices.length} switches of ${inventory.file}`,
    at,
    hint: 'loosen the expression, or check the tags in the inventory',
  })
}

type Test = (device: InventoryDevice) => boolean

// The plain names of a union are looked up, so that a list of thousands costs no more than one name.
function testOf(selector: Selector): Test {
  switch (selector.kind) {
    case 'listed':
      return ({ name }) => selector.names.has(name)
    case 'name':
      return ({ name }) => globMatches(selector.pattern, name)
    case 'group':
      return (device) => groupWords(device).some((word) => globMatches(selector.pattern, word))
    case 'tag':
      return (device) => {
        const value = tagOf(device, selector.tag)
        return value !== undefined && globMatches(selector.pattern, value)
      }
    case 'not': {
      const isMeant = testOf(selector.operand)
      return (device) => !isMeant(device)
    }
    case 'and': {
      const tests = selector.operands.map(testOf)
      return (device) => tests.every((isMeant) => isMeant(device))
    }
    case 'or': {
      const names = new Set(selector.operands.flatMap((one) => (isPlainName(one) ? [one.pattern] : [])))
      const tests = selector.operands.filter((one) => !isPlainName(one)).map(testOf)
      return (device) => names.has(device.name) || tests.some((isMeant) => isMeant(device))
    }
  }
}

function isPlainName(selector: Selector): selector is Extract<Selector, { kind: 'name' }> {
  return selector.kind === 'name' && !/[*?]/.test(selector.pattern)
}

function tagOf({ tags }: InventoryDevice, tag: string) {
  return Object.hasOwn(tags, tag) ? tags[tag] : undefined
}

function groupWords(device: InventoryDevice) {
  const tag = tagOf(device, 'group')
  return [...device.groups, ...(tag === undefined ? [] : [tag])]
}

const MOST_LIKENED = 20
const MOST_KNOWN = 50

class KnownWords {
  readonly #inventory: Inventory
  readonly #names: ReadonlySet<string>

  constructor(inventory: Inventory) {
    this.#inventory = inventory
    this.#names = new Set(inventory.devices.map(({ name }) => name))
  }

  unknownIn(selector: Selector): readonly Problem[] {
    const unknown = this.#unknown(selector)
    return unknown.map((make, index) => make(index < MOST_LIKENED))
  }

  #unknown(selector: Selector): readonly ((isLikened: boolean) => Problem)[] {
    if (selector.kind === 'listed') return []
    if (selector.kind === 'not') return this.#unknown(selector.operand)
    if (selector.kind === 'and' || selector.kind === 'or') return selector.operands.flatMap((one) => this.#unknown(one))
    if (selector.kind === 'group' && this.#areGroupsTwo()) return [() => twoGroups(selector.at)]
    if (isPlainName(selector) ? this.#names.has(selector.pattern) : select(this.#inventory, selector).length > 0)
      return []
    return [(isLikened) => this.#problem(selector, isLikened)]
  }

  #problem(selector: Extract<Selector, { at: Place }>, isLikened: boolean) {
    const { pattern, at } = selector
    const { devices, file } = this.#inventory
    const unknown = (message: string, word: string, known: readonly string[]): Problem => ({
      code: 'unknown-target',
      message,
      at,
      hint: isLikened ? didYouMean(word, known) : 'see the first of these problems',
    })
    if (selector.kind === 'name') {
      const names = devices.slice(0, MOST_KNOWN).map(({ name }) => name)
      const missing = unknown(`there is no switch \`${pattern}\` in ${file}`, pattern, names)
      // Ansible names a group as it names a host.
      const meant = isLikened ? devices.flatMap((device) => groupOrTag(device, pattern))[0] : undefined
      return meant === undefined ? missing : { ...missing, hint: `did you mean \`${meant}\`?` }
    }
    if (selector.kind === 'group')
      return unknown(
        `no switch is in a group \`${pattern}\``,
        pattern,
        [...new Set(devices.flatMap(groupWords))].slice(0, MOST_KNOWN),
      )
    const { tag } = selector
    const tags = [...new Set(devices.flatMap((device) => Object.keys(device.tags)))]
    const untagged = { ...unknown(`no switch has a tag \`${tag}\``, tag, tags), ...(tags.length > 0 ? {} : NO_TAGS) }
    if (!tags.includes(tag)) return untagged
    const values = [...new Set(devices.flatMap((device) => tagOf(device, tag) ?? []))]
    return unknown(`no switch has \`${tag}:${pattern}\``, pattern, values.slice(0, MOST_KNOWN))
  }

  #areGroupsTwo() {
    const { devices } = this.#inventory
    return (
      devices.some(({ groups }) => groups.length > 0) && devices.some((device) => tagOf(device, 'group') !== undefined)
    )
  }
}

const NO_TAGS = {
  hint: 'no switch has tags: select by name or by group (`group:NAME`), or give them tags (docs/inventory-sources.md)',
}

function groupOrTag(device: InventoryDevice, word: string) {
  const tags = Object.keys(device.tags).filter((tag) => tagOf(device, tag) === word)
  return [...(device.groups.includes(word) ? [`group:${word}`] : []), ...tags.map((tag) => `${tag}:${word}`)]
}

function twoGroups(at: Place): Problem {
  return {
    code: 'ambiguous-group',
    message: 'the inventory has groups, and a tag `group` as well: `group:` could mean either',
    at,
    hint: 'rename the tag',
  }
}
