import { TemplateFault } from '../value/fault.ts'
import type { Body, Statement } from './nodes.ts'
import { walk } from './walk.ts'

/**
 * Throws for a template that extends two others, and for one that extends inside a loop, a macro, a block or the like. Jinja2
 * refuses both, the first when it renders.
 */
export function refuseWrongExtends(body: Body): void {
  const [, second] = body.filter(({ kind }) => kind === 'extends')
  if (second !== undefined) throw fault('the template extends two others', 'leave one of them', second)
  const allowed = new Set(outermost(body))
  walk(body, {
    statement: (node) => {
      if (node.kind === 'extends' && !allowed.has(node))
        throw fault('`{% extends %}` is inside another tag', 'write it at the beginning of the template', node)
    },
  })
}

/** The statements that no tag but `if` is around. */
function outermost(body: Body): readonly Statement[] {
  return body.flatMap((node) =>
    node.kind === 'if' ? outermost([...node.branches.flatMap((branch) => branch.body), ...node.otherwise]) : [node],
  )
}

function fault(message: string, hint: string, { offset }: Statement): TemplateFault {
  return new TemplateFault('template-syntax', message, hint, offset)
}
