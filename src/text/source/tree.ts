export interface Tree {
  /** The bytes of a file. */
  file(path: string): Uint8Array | undefined
  /** What a folder holds, sorted by name; links are what they lead to. */
  folder(path: string): readonly TreeEntry[] | undefined
  mayAsk?(path: string): boolean
}

export interface TreeEntry {
  readonly name: string
  readonly kind: 'file' | 'folder'
}
