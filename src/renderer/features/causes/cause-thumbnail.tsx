import type { ReactNode } from 'react';
import { useState } from 'react';
import type { ImageKey } from '../../../contract/view-types';
import { thumbnailUrl } from '../../ui/pixels';

/** An image that shows a cause; an empty field where its file is not at hand. */
export function CauseThumbnail({
  image,
  size,
}: {
  readonly image: ImageKey;
  readonly size: number;
}): ReactNode {
  const [isMissing, setIsMissing] = useState(false);
  if (isMissing) return <span className="cause-thumbnail" />;
  return (
    <img
      className="cause-thumbnail"
      src={thumbnailUrl(image, size)}
      alt=""
      loading="lazy"
      onError={() => setIsMissing(true)}
    />
  );
}
