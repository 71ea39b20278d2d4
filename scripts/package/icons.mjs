// The icon's files.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ICONS = fileURLToPath(new URL('../../resources/icons/', import.meta.url));
export const ICON_SIZES = [16, 32, 48, 64, 128, 256, 512];

/** As electron-installer-debian takes them. */
export const debianIcons = () => ({
  ...Object.fromEntries(
    ICON_SIZES.map((size) => [`${size}x${size}`, path.join(ICONS, `reticle-${size}.png`)]),
  ),
  scalable: path.join(ICONS, 'reticle.svg'),
});
