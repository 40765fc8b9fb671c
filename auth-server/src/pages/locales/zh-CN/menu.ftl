menu-name = 您的账号
menu-skip = 跳到正文
menu-logout = 退出登录
menu-account = 概览
menu-applications = 应用
menu-sessions = 登录设备
menu-password = 密码
menu-developer = 开发者
