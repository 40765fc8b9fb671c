frame-languages = 语言
frame-support = 支持
frame-privacy = 隐私政策
frame-terms = 服务条款
