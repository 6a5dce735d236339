import { childrenOf, type Node, stagesOf } from './syntax.ts'

export interface Mention {
  readonly name: string
  readonly position: number
}

export interface MemberMention extends Mention {
  readonly of: string
}

export interface Names {
  /** Variables, in the order in which they are met; functions are variables too. */
  readonly free: readonly Mention[]
  readonly called: readonly Mention[]
  readonly members: readonly MemberMention[]
  readonly rootless: readonly Mention[]
}

/** Only the first step of a path reads the context of the whole; the steps behind it, filters, sort terms and groups read what the step before gave. */
export function namesOf(root: Node): Names {
  const search = new Search()
  search.visit(root, new Frame(undefined), true)
  return search
}

export function firstMentions(mentions: readonly Mention[]): readonly Mention[] {
  return [...new Map([...mentions].reverse().map((mention) => [mention.name, mention])).values()].reverse()
}

class Frame {
  readonly #outer: Frame | undefined
  readonly #bound = new Set<string>()
  readonly #later: ReadonlySet<string>

  constructor(outer: Frame | undefined, later: Iterable<string> = []) {
    this.#outer = outer
    this.#later = new Set(later)
  }

  bind(name: string): void {
    this.#bound.add(name)
  }

  has(name: string): boolean {
    return this.#bound.has(name) || (this.#outer?.has(name) ?? false)
  }

  whenCalled(): Frame {
    const inner = new Frame(this)
    for (let frame: Frame | undefined = this; frame !== undefined; frame = frame.#outer) {
      for (const name of frame.#later) inner.bind(name)
    }
    return inner
  }
}

class Search implements Names {
  readonly free: Mention[] = []
  readonly called: Mention[] = []
  readonly members: MemberMention[] = []
  readonly rootless: Mention[] = []

  visit(node: Node, frame: Frame, top: boolean): void {
    switch (node.type) {
      case 'variable':
        this.#variable(node, frame, top)
        break
      case 'name':
        if (top) this.rootless.push(mentionOf(node, 0))
        break
      case 'path':
        this.#path(node, frame, top)
        break
      case 'block':
        this.#all(node.expressions ?? [], new Frame(frame, bindingsOf(node)), top)
        break
      case 'bind':
        this.#bind(node, frame, top)
        break
      case 'lambda':
        this.#lambda(node, frame, top)
        break
      case 'function':
      case 'partial':
        this.#call(node.procedure, frame, top)
        this.#all(node.arguments ?? [], frame, top)
        break
      case 'apply':
        if (node.lhs !== undefined && 'type' in node.lhs) this.visit(node.lhs, frame, top)
        this.#call(node.rhs, frame, top)
        break
      case 'transform':
      case 'sort':
        this.#all(childrenOf(node), frame, false)
        return
      default:
        this.#all(ownChildrenOf(node), frame, top)
    }
    this.#all([...stagesOf(node), ...(node.group?.lhs.flat() ?? [])], frame, false)
  }

  #all(nodes: readonly Node[], frame: Frame, top: boolean): void {
    for (const node of nodes) this.visit(node, frame, top)
  }

  #variable(node: Node, frame: Frame, top: boolean): void {
    const name = String(node.value)
    if (name === '$') this.rootless.push({ name: '$$', position: mentionOf(node, 1).position })
    else if (name === '') {
      if (top) this.rootless.push({ name: '$', position: mentionOf(node, 1).position })
    } else if (!frame.has(name)) this.free.push(mentionOf(node, 1))
  }

  #call(procedure: Node | undefined, frame: Frame, top: boolean): void {
    if (procedure === undefined) return
    const isName = procedure.type === 'variable' && !['', '$'].includes(String(procedure.value))
    if (isName && !frame.has(String(procedure.value))) this.called.push(mentionOf(procedure, 1))
    this.visit(procedure, frame, top)
  }

  #path(node: Node, frame: Frame, top: boolean): void {
    const inner = new Frame(frame)
    const [first, second] = node.steps ?? []
    const of = first?.type === 'variable' ? String(first.value) : ''
    if (of !== '' && !frame.has(of) && second?.type === 'name') this.members.push({ of, ...mentionOf(second, 0) })
    for (const [index, step] of (node.steps ?? []).entries()) {
      for (const name of [step.focus, step.index, ...indexesOf(step)]) if (name !== undefined) inner.bind(name)
      this.visit(step, inner, top && index === 0)
    }
  }

  #bind({ lhs, rhs }: Node, frame: Frame, top: boolean): void {
    if (lhs === undefined || !('type' in lhs)) return
    const name = String(lhs.value)
    if (rhs?.type === 'lambda') frame.bind(name)
    if (rhs !== undefined) this.visit(rhs, frame, top)
    frame.bind(name)
  }

  #lambda(node: Node, frame: Frame, top: boolean): void {
    const inner = frame.whenCalled()
    for (const parameter of node.arguments ?? []) inner.bind(String(parameter.value))
    if (node.body !== undefined) this.visit(node.body, inner, top)
  }
}

function ownChildrenOf(node: Node): readonly Node[] {
  const { stages: _stages, predicate: _predicate, group: _group, ...own } = node
  return childrenOf(own)
}

function indexesOf({ stages }: Node): readonly string[] {
  return (stages ?? []).flatMap(({ type, value }) => (type === 'index' ? [String(value)] : []))
}

function bindingsOf({ expressions }: Node): readonly string[] {
  return (expressions ?? []).flatMap(({ type, lhs }) =>
    type === 'bind' && lhs !== undefined && 'type' in lhs ? [String(lhs.value)] : [],
  )
}

function mentionOf({ value, position }: Node, sigil: number): Mention {
  const name = String(value)
  return { name, position: Math.max(0, (position ?? 0) - name.length - sigil) }
}
