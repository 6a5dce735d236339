import { type LazyList, type LazyMap, type LazyValue, ValueFault } from '../../../model/lazy-value.ts'
import { nameOfKey, type WrittenKey } from '../../../model/map-keys.ts'
import type { Problem } from '../../../model/problem.ts'
import { unreadable } from '../value/fault.ts'
import { Dict, hashOf, Markup, Undefined, type Value } from '../value/value.ts'
import { valueFrom } from './from-variables.ts'

/**
 * A lazy value as Jinja has it: a mapping is a dict, a list is a list, and a member is read when the template asks for it. What cannot
 * be read ends the rendering with a fault that carries its problem; what is only undefined is undefined for the template too.
 */
export function lazyJinja(value: LazyValue): Value {
  if (value.kind === 'scalar') return value.isFloat === true ? Number(value.value) : valueFrom(value.value)
  return value.kind === 'list' ? listFrom(value) : new LazyDict(value)
}

/** What reading gives as Jinja has it; undefined where there is nothing. */
export function readAsJinja(read: () => LazyValue | undefined): Value | undefined {
  try {
    const value = read()
    return value === undefined ? undefined : lazyJinja(value)
  } catch (thrown) {
    if (!(thrown instanceof ValueFault)) throw thrown
    if (thrown.isUndefined) return new Unread(thrown.problem)
    throw unreadable(thrown.problem)
  }
}

// A value that is undefined because a value that it is made of is.
class Unread extends Undefined {
  readonly #problem: Problem

  constructor(problem: Problem) {
    super(problem.message, problem.hint ?? '')
    this.#problem = problem
  }

  override fault() {
    const fault = unreadable(this.#problem, 'template-undefined')
    fault.offset = this.offset
    return fault
  }
}

function listFrom(list: LazyList): Value[] {
  const items: Value[] = []
  for (let index = 0; index < list.length; index += 1) {
    const settle = (value: Value) => {
      Object.defineProperty(items, index, { value, writable: true, enumerable: true, configurable: true })
      return value
    }
    Object.defineProperty(items, index, {
      get: () => settle(readAsJinja(() => list.item(index)) ?? null),
      set: settle,
      enumerable: true,
      configurable: true,
    })
  }
  return items
}

class LazyDict extends Dict {
  readonly #source: LazyMap
  readonly #read = new Map<string, Value>()
  #isOwn = false
  #known = 0

  constructor(source: LazyMap) {
    super()
    this.#source = source
  }

  override get size() {
    return this.#isOwn ? super.size : this.#names().length
  }

  // What weighs a mapping must not ask for its keys: what was read of it is kept by whoever pins a plan to it.
  override get weight() {
    return this.#isOwn ? super.size : this.#known
  }

  override get(key: Value) {
    if (this.#isOwn) return super.get(key)
    const name = this.#nameOf(key)
    return name === undefined ? undefined : this.#member(name)
  }

  override has(key: Value) {
    if (this.#isOwn) return super.has(key)
    const name = this.#nameOf(key)
    if (name === undefined) return false
    try {
      return this.#source.member(name) !== undefined
    } catch (thrown) {
      if (thrown instanceof ValueFault) return true
      throw thrown
    }
  }

  override set(key: Value, value: Value) {
    this.#settle()
    super.set(key, value)
  }

  override delete(key: Value) {
    this.#settle()
    super.delete(key)
  }

  override clear() {
    this.#isOwn = true
    super.clear()
  }

  override keys() {
    return this.#isOwn ? super.keys() : this.#names().map((name) => this.#keyOf(name))
  }

  override entries() {
    if (this.#isOwn) return super.entries()
    return this.#names().map((name) => [this.#keyOf(name), this.#member(name) ?? null] as const)
  }

  #names() {
    const names = this.#source.keys()
    this.#known = names.length
    return names
  }

  #keyOf(name: string) {
    return valueFrom(this.#source.writtenKey?.(name) ?? name)
  }

  #nameOf(key: Value) {
    const hash = hashOf(key)
    const name = typeof key === 'string' ? key : nameOfKey(unmarkedKey(key))
    return hashOf(this.#keyOf(name)) === hash ? name : undefined
  }

  #member(name: string) {
    const known = this.#read.get(name)
    if (known !== undefined) return known
    const value = readAsJinja(() => this.#source.member(name))
    if (value !== undefined) this.#read.set(name, value)
    return value
  }

  #settle() {
    if (this.#isOwn) return
    const entries = this.entries()
    this.#isOwn = true
    for (const [key, value] of entries) super.set(key, value)
  }
}

function unmarkedKey(key: Value): WrittenKey {
  if (key instanceof Markup) return key.text
  return key === null || typeof key !== 'object' ? key : ''
}
