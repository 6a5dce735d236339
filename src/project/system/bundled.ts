import { fileURLToPath } from 'node:url'

/** The path of a file that is part of the package, beside `dist`: `fixtures/dc1`, `workflows/add-vlan.yaml`. */
export function bundled(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url))
}
