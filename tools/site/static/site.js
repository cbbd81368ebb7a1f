// On paper nothing can be unfolded: what is folded away is printed open.
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
});

// A picture is wider than the column: a click shows it as large as it is.
for (const picture of document.querySelectorAll("article img")) {
  if (picture.closest("a")) continue;
  const link = document.createElement("a");
  Object.assign(link, { href: picture.src, className: "picture", title: "The picture at its own size" });
  picture.replaceWith(link);
  link.append(picture);
}

// The explorer within a page is light or dark with it. Its own address holds the state once it is
// there; before that its first address does, which a browser that has begun to load may not take.
const frame = document.querySelector("iframe.explorer");
function follow() {
  const { theme } = document.body.dataset;
  const [page, first] = frame.src.split("#");
  const now = frame.contentWindow.location.hash.slice(1);
  const parts = (now || first).split("&").filter((part) => part && !part.startsWith("theme="));
  if (theme !== "auto") parts.push(`theme=${theme}`);
  const state = parts.join("&");
  if (!now) frame.src = `${page}#${state}`;
  else if (now !== state) frame.contentWindow.location.hash = state;
}
if (frame) {
  new MutationObserver(follow).observe(document.body, { attributeFilter: ["data-theme"] });
  frame.addEventListener("load", follow);
  if (document.body.dataset.theme !== "auto") follow();
}
