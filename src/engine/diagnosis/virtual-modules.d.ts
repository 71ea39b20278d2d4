/** Made by the build (scripts/threads/vite-plugin.mjs). */
declare module 'virtual:diagnosis-thread' {
  /** The code of the diagnosis thread, as text. */
  export const diagnosisThread: string;
}
