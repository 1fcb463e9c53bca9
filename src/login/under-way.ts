/** Work that is being done already: whoever asks for the same meanwhile waits for it, and shares what comes of it. */
export class UnderWay<T> {
  private readonly running = new Map<string, Promise<T>>()

  /** Memory of this process only: what another node is doing is not seen. */
  share(what: string, work: () => Promise<T>): Promise<T> {
    const first = this.running.get(what)
    if (first) return first
    const result = work().finally(() => this.running.delete(what))
    this.running.set(what, result)
    return result
  }
}
