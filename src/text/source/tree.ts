/** Files and folders of one place, by paths with `/` from its root; what is not there, or may not be read, is undefined. */
export interface Tree {
  /** The bytes of a file. */
  file(path: string): Uint8Array | undefined
  /** What a folder holds, sorted by name; links are what they lead to. */
  folder(path: string): readonly TreeEntry[] | undefined
  /** Whether a path may be asked for; absent where any may. */
  mayAsk?(path: string): boolean
}

/** One name in a folder. */
export interface TreeEntry {
  readonly name: string
  readonly kind: 'file' | 'folder'
}
