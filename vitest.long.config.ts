import { defineConfig } from 'vitest/config'
import base from './vitest.config.ts'

/** What takes minutes: a real process killed at every point, every rehearsal that is bundled. `npm run test:long`, and a step of the gate. */
export default defineConfig({ ...base, test: { ...base.test, include: ['test/**/*.long.ts'] } })
