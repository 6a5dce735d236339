import { openProject } from '../../../project/files/project.ts'
import { tellWarnings } from '../../../project/switches/inventory/tell-warnings.ts'
import { groupTree, groupTreeJson, groupTreeText } from '../../../report/inventory/group-tree.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run({ io, global }: Invocation): Promise<number> {
  const inventory = openProject(io, global).inventory()
  tellWarnings(inventory, { tell: io.err })
  const tree = groupTree(inventory)
  io.out(global.json ? `${JSON.stringify(groupTreeJson(tree))}\n` : `${groupTreeText(tree)}\n`)
  return 0
}
