import type { ConnectMeter, Meter, RequestMeter } from './meter.ts'

export function bothMeters(one: Meter | undefined, other: Meter | undefined): Meter | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return {
    line: (end) => {
      const lines = [one.line(end), other.line(end)]
      return {
        connect: () => bothConnects(lines.map((line) => line.connect())),
        request: (op) => bothRequests(lines.map((line) => line.request(op))),
      }
    },
  }
}

function bothConnects(meters: readonly ConnectMeter[]): ConnectMeter {
  return {
    reached: (then) => {
      for (const meter of meters) meter.reached(then)
    },
    ended: (result) => {
      for (const meter of meters) meter.ended(result)
    },
  }
}

function bothRequests(meters: readonly RequestMeter[]): RequestMeter {
  return {
    heard: () => {
      for (const meter of meters) meter.heard()
    },
    ended: (result) => {
      for (const meter of meters) meter.ended(result)
    },
  }
}
