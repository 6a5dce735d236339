import { type Problem, problemOf } from '../../../model/problem.ts'
import type { Tree } from '../../../text/source/tree.ts'
import { folderOf, joined } from './paths.ts'

const KINDS = ['group_vars', 'host_vars']

/**
 * A note for each folder in which playbooks usually lie and variables lie beside them that are not read: around the inventory, and
 * `playbooks` there. Ansible reads them when it runs a playbook of that folder. `beside` are the folders of the inventory, `read` all that
 * are read.
 */
export function unreadFolders(tree: Tree, beside: readonly string[], read: readonly string[]): readonly Problem[] {
  const around = beside.flatMap((folder) => [...(folder === '' ? [] : [folderOf(folder)]), folder])
  const likely = [...new Set(around.flatMap((folder) => [folder, joined(folder, 'playbooks')]))]
  return likely
    .filter((folder) => !read.includes(folder))
    .flatMap((folder): readonly Problem[] => {
      const names = KINDS.filter((name) => holdsFiles(tree, joined(folder, name)))
      const [first] = names
      if (first === undefined) return []
      const shown = folder === '' ? '.' : folder
      return [
        problemOf(
          joined(folder, first),
          'inventory-playbooks',
          `${names.join(' and ')} in ${shown === '.' ? 'the project' : shown} are not read: Ansible reads them for a playbook of that folder alone`,
          `where its playbooks are meant, write \`playbooks: ${shown}\` beside \`ansible:\``,
        ),
      ]
    })
}

function holdsFiles(tree: Tree, folder: string): boolean {
  return tree.mayAsk?.(folder) !== false && (tree.folder(folder)?.length ?? 0) > 0
}
