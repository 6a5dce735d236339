import { versions } from 'node:process'
import { refusedNode } from './node-floor.ts'

// Imported first by each entry of the library: a module that is loaded behind it may be native, and kill a process whose Node is too old for it.
const refused = refusedNode(versions.node)
if (refused !== undefined) throw new Error(refused)
