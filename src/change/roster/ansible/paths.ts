export function joined(folder: string, name: string): string {
  return folder === '' || folder === '.' ? name : folder === '/' ? `/${name}` : `${folder}/${name}`
}

/** The folder that a path is in; empty at the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash > 0 ? path.slice(0, slash) : slash === 0 ? '/' : ''
}

/** A path without `./` before it and `/` behind it. */
export function plainPath(path: string): string {
  const plain = path.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '')
  return plain === '' ? (path.startsWith('/') ? '/' : '') : plain === '.' ? '' : plain
}

/** The ending of a file's name, with its dot; empty where it has none. */
export function endingOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  return dot > 0 ? name.slice(dot) : ''
}
