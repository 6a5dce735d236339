import { readdirSync, readFileSync } from 'node:fs'
import { problemOf } from '../../../model/problem.ts'
import type { ProjectFiles } from '../../../report/new-project/text.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { bundled } from '../../system/bundled.ts'
import { InputError } from '../../system/process/input-error.ts'
import { writeFiles } from './write-files.ts'

/** `names` are those of their files, without the ending. Throws InputError for one that is not shipped; nothing is written then. */
export async function addWorkflows(dir: string, names: readonly string[]): Promise<ProjectFiles> {
  const shipped = readdirSync(bundled('workflows'))
    .flatMap((file) => (file.endsWith('.yaml') ? [file.slice(0, -'.yaml'.length)] : []))
    .sort()
  const unknown = names.filter((name) => !shipped.includes(name))
  if (unknown.length > 0)
    throw new InputError(
      unknown.map((name) =>
        problemOf('--workflow', 'unknown-workflow', `no workflow \`${name}\` is shipped`, didYouMean(name, shipped)),
      ),
    )
  return writeFiles(dir, new Map(names.flatMap(filesOf)))
}

function filesOf(name: string): readonly (readonly [string, Uint8Array])[] {
  const path = `workflows/${name}.yaml`
  const content = readFileSync(bundled(path))
  const [, template] = /^change: \{.* template: (\S+) \}$/m.exec(content.toString('utf8')) ?? []
  const files = [path, ...(template === undefined ? [] : [`workflows/${template}`])]
  return files.map((file) => [file, readFileSync(bundled(file))] as const)
}
