// On paper nothing can be unfolded: what is folded away is printed open.
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
});
