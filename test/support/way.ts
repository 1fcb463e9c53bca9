import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A network between us and a server that may swallow everything without closing anything. */
export async function wayTo(port: number) {
  let swallows = false
  const ends: Socket[] = []
  const way = createServer(near => {
    const far = connect(port, '127.0.0.1')
    ends.push(near, far)
    const pass = (from: Socket, to: Socket) => from.on('data', chunk => swallows || to.write(chunk)).on('error', () => undefined).on('close', () => to.destroy()) // prettier-ignore
    pass(near, far)
    pass(far, near)
  })
  await new Promise<void>(resolve => way.listen(0, '127.0.0.1', resolve))
  return {
    port: (way.address() as AddressInfo).port,
    swallow: (whether: boolean) => (swallows = whether),
    close: () =>
      new Promise<void>(resolve => {
        for (const end of ends) end.destroy()
        way.close(() => resolve())
      }),
  }
}
