/** Made by the build: scripts/kernels/vite-plugin.mjs. */
declare module 'virtual:reading-thread' {
  /** CommonJS text of the thread that reads files. */
  export const readingThread: string;
}
