frame-languages = Language
frame-support = Support
frame-privacy = Privacy
frame-terms = Terms
