import { existsSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'

export function repositoryPaths({
  project,
  cwd,
}: {
  readonly project: string
  readonly cwd: string
}): (file: string) => string | undefined {
  const root = repositoryAround(project) ?? project
  return (file) => {
    const found = [resolve(project, file), resolve(cwd, file)].find(isFile)
    if (found === undefined) return undefined
    const path = relative(root, found).split(sep).join('/')
    return path.startsWith('../') || path.startsWith('/') ? undefined : path
  }
}

function repositoryAround(from: string) {
  for (let dir = from; ; dir = dirname(dir)) {
    if (existsSync(join(dir, '.git'))) return dir
    if (dirname(dir) === dir) return undefined
  }
}

function isFile(path: string) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}
