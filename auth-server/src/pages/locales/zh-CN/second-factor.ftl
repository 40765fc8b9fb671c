second-factor-title = 第二验证因素
second-factor-lead = 启用后，仅凭密码无法登录：登录时还需要输入手机应用上显示的验证码。
second-factor-scan = 1. 将账户添加到验证器应用
second-factor-image = 供应用扫描的二维码
second-factor-type = 用应用扫描图片，或在应用中输入此密钥：
second-factor-open = 在本设备上打开应用
second-factor-confirm = 2. 验证设置
second-factor-code = 验证码
second-factor-consequence = 您将在所有其他浏览器中退出登录。随后您会得到恢复代码，供手机不在身边时使用。
second-factor-enrol = 启用
second-factor-refused = 未作任何更改。
second-factor-wrong-code = 此验证码无效。每个验证码有效半分钟，且只能使用一次：请输入应用当前显示的验证码。
second-factor-on = 登录时需要密码和验证码。
second-factor-off = 登录时只需要密码。
second-factor-since = 启用时间
second-factor-recovery-codes = 恢复代码
second-factor-left = { $count ->
    [0] 已全部用完
   *[other] 剩余 { $count } 个
}
second-factor-renew = 生成新的恢复代码…
second-factor-renew-means = 您现有的恢复代码将失效。
second-factor-renew-submit = 生成新的恢复代码
second-factor-remove = 停用…
second-factor-remove-means = 停用后，仅凭密码即可登录。
second-factor-remove-submit = 停用
second-factor-removed = 第二验证因素已停用。
second-factor-codes-once = 这些代码只显示一次。请打印出来，或与您的密码保存在一起。
second-factor-codes-use = 手机不在身边时，可输入其中一个代替验证码。每个代码只能使用一次。
second-factor-codes-done = 我已保存
second-factor-step = 还差一步
second-factor-for = 您正在以 { $name } 的身份登录。
second-factor-code-hint = 验证器应用显示的六位数字。手机不在身边时，可在此输入恢复代码。
second-factor-go-on = 登录
second-factor-other-account = 使用其他账户登录
