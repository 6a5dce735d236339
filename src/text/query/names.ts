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

/** Only the first step of a path reads the context of the whole; the steps behind it, filters, sort terms and groups read what the step before gave. */
export function namesOf(root: Node): Names {
  const free: Mention[] = []
  const called: Mention[] = []
  const members: MemberMention[] = []
  const rootless: Mention[] = []

  function visit(node: Node, frame: Frame, top: boolean) {
    switch (node.type) {
      case 'variable':
        visitVariable(node, frame, top)
        break
      case 'name':
        if (top) rootless.push(mentionOf(node, 0))
        break
      case 'path':
        visitPath(node, frame, top)
        break
      case 'block':
        visitAll(node.expressions ?? [], new Frame(frame, bindingsOf(node)), top)
        break
      case 'bind':
        visitBinding(node, frame, top)
        break
      case 'lambda':
        visitLambda(node, frame, top)
        break
      case 'function':
      case 'partial':
        visitCalled(node.procedure, frame, top)
        visitAll(node.arguments ?? [], frame, top)
        break
      case 'apply':
        if (node.lhs !== undefined && 'type' in node.lhs) visit(node.lhs, frame, top)
        visitCalled(node.rhs, frame, top)
        break
      case 'transform':
      case 'sort':
        visitAll(childrenOf(node), frame, false)
        return
      default:
        visitAll(ownChildrenOf(node), frame, top)
    }
    visitAll([...stagesOf(node), ...(node.group?.lhs.flat() ?? [])], frame, false)
  }

  function visitAll(nodes: readonly Node[], frame: Frame, top: boolean) {
    for (const node of nodes) visit(node, frame, top)
  }

  function visitVariable(node: Node, frame: Frame, top: boolean) {
    const name = String(node.value)
    if (name === '$') rootless.push({ name: '$$', position: mentionOf(node, 1).position })
    else if (name === '') {
      if (top) rootless.push({ name: '$', position: mentionOf(node, 1).position })
    } else if (!frame.has(name)) free.push(mentionOf(node, 1))
  }

  function visitCalled(procedure: Node | undefined, frame: Frame, top: boolean) {
    if (procedure === undefined) return
    const isName = procedure.type === 'variable' && !['', '$'].includes(String(procedure.value))
    if (isName && !frame.has(String(procedure.value))) called.push(mentionOf(procedure, 1))
    visit(procedure, frame, top)
  }

  function visitPath(node: Node, frame: Frame, top: boolean) {
    const inner = new Frame(frame)
    const [first, second] = node.steps ?? []
    const of = first?.type === 'variable' ? String(first.value) : ''
    if (of !== '' && !frame.has(of) && second?.type === 'name') members.push({ of, ...mentionOf(second, 0) })
    for (const [index, step] of (node.steps ?? []).entries()) {
      for (const name of boundBy(step)) inner.bind(name)
      visit(step, inner, top && index === 0)
    }
  }

  function visitBinding({ lhs, rhs }: Node, frame: Frame, top: boolean) {
    if (lhs === undefined || !('type' in lhs)) return
    const name = String(lhs.value)
    if (rhs?.type === 'lambda') frame.bind(name)
    if (rhs !== undefined) visit(rhs, frame, top)
    frame.bind(name)
  }

  function visitLambda(node: Node, frame: Frame, top: boolean) {
    const inner = frame.whenCalled()
    for (const parameter of node.arguments ?? []) inner.bind(String(parameter.value))
    if (node.body !== undefined) visit(node.body, inner, top)
  }

  visit(root, new Frame(undefined), true)
  return { free, called, members, rootless }
}

function ownChildrenOf(node: Node) {
  const { stages: _stages, predicate: _predicate, group: _group, ...own } = node
  return childrenOf(own)
}

export function boundBy({ focus, index, stages = [] }: Node): string[] {
  const indexes = stages.flatMap(({ type, value }) => (type === 'index' ? [String(value)] : []))
  return [focus, index, ...indexes].filter((name) => name !== undefined)
}

function bindingsOf({ expressions }: Node) {
  return (expressions ?? []).flatMap(({ type, lhs }) =>
    type === 'bind' && lhs !== undefined && 'type' in lhs ? [String(lhs.value)] : [],
  )
}

function mentionOf({ value, position }: Node, sigil: number): Mention {
  const name = String(value)
  return { name, position: Math.max(0, (position ?? 0) - name.length - sigil) }
}
