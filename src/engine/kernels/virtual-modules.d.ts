/** Made by the build: scripts/kernels/vite-plugin.mjs. */
declare module 'virtual:kernel-bytes' {
  /** The compiled kernels, base64. */
  export const kernelBytes: string;
}

declare module 'virtual:kernel-thread' {
  /** CommonJS text of a thread. */
  export const threadSource: string;
}
