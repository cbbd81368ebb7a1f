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

// The explorer within a page is light or dark with it.
const frame = document.querySelector("iframe.explorer");
function follow() {
  const { theme } = document.body.dataset;
  const [page, state] = frame.src.split("#");
  // Where the explorer has been used its own address holds the state.
  const now = frame.contentWindow.location.hash.slice(1) || state;
  const others = now.split("&").filter((part) => part && !part.startsWith("theme="));
  if (theme !== "auto") others.push(`theme=${theme}`);
  if (frame.contentWindow.location.hash) frame.contentWindow.location.hash = others.join("&");
  else frame.src = `${page}#${others.join("&")}`;
}
if (frame) {
  new MutationObserver(follow).observe(document.body, { attributeFilter: ["data-theme"] });
  if (document.body.dataset.theme !== "auto") follow();
}
