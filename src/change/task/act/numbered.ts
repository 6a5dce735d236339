import type { JudgedCheck } from './context.ts'

export function numbered(judged: readonly JudgedCheck[]): readonly JudgedCheck[] {
  const times = new Map<string, number>()
  return judged.map((one) => {
    const nth = (times.get(one.check) ?? 0) + 1
    times.set(one.check, nth)
    return nth === 1 ? one : { ...one, nth }
  })
}
